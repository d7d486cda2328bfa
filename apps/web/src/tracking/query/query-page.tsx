'use client';

import { exportRoutes, type QueryTable } from '@mallo/contracts';
import { useMutation } from '@tanstack/react-query';
import { Download, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { client } from '@/api/client';
import { callRoute } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { useFormat } from '@/format/use-format';
import { OfProject } from '@/projects/of-project';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Page } from '@/ui/page';
import { Progress } from '@/ui/progress';
import { Table } from '@/ui/table';
import { TextArea } from '@/ui/text-area';
import { saveFile } from './save-file';

const EXAMPLES = {
  highest: 'SELECT key, max(value) AS highest FROM points GROUP BY key ORDER BY key',
  best: "SELECT name, last_value FROM metrics JOIN runs USING (run_id) WHERE key = 'val_accuracy' ORDER BY last_value DESC",
  params: "SELECT value AS lr, count(*) AS runs FROM params WHERE key = 'lr' GROUP BY value",
  logs: "SELECT name, line, text FROM logs JOIN runs USING (run_id) WHERE text ILIKE '%error%' LIMIT 100",
} as const;
const FORMATS = ['csv', 'parquet'] as const;
const NUMERIC = /INT|DOUBLE|FLOAT|DECIMAL/;

type Wish = { sql: string; format?: (typeof FORMATS)[number] };

/** Asks in SQL about all that the runs of a project logged. */
export function QueryPage() {
  const t = useTranslations('runs.query');
  return <OfProject title={t('title')}>{(projectId) => <ProjectQuery projectId={projectId} />}</OfProject>;
}

function ProjectQuery({ projectId }: { projectId: string }) {
  const t = useTranslations('runs.query');
  const [sql, setSql] = useState<string>(EXAMPLES.highest);
  const leaving = useRef<AbortController>(null);
  const [table, setTable] = useState<QueryTable>();
  const ask = useMutation({
    mutationFn: async ({ sql: asked, format }: Wish) => {
      leaving.current = new AbortController();
      const { signal } = leaving.current;
      const [params, body] = [{ projectId }, { sql: asked }];
      if (!format) return setTable(await callRoute(exportRoutes.query, { params, body }, signal));
      const request = { params, query: { format }, body };
      const answer = await client.download(exportRoutes.queryFile, request, { signal });
      saveFile(await answer.blob(), `query.${format}`);
    },
  });
  const isWanted = sql.trim() !== '' && !ask.isPending;
  const show = () => isWanted && ask.mutate({ sql });
  // Whoever gives up does not need to be told that.
  const error = ask.error?.name === 'AbortError' ? null : ask.error;
  return (
    <Page title={t('title')} description={t('text')}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          show();
        }}
      >
        <Field label={t('sql')} hint={t('hint')}>
          {(control) => (
            <TextArea
              {...control}
              value={sql}
              onChange={(event) => setSql(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) show();
              }}
              maxLength={20_000}
              spellCheck={false}
              className="min-h-32 font-mono text-sm"
            />
          )}
        </Field>
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" variant="primary" disabled={!isWanted}>
            <Play aria-hidden />
            {t('show')}
          </Button>
          {FORMATS.map((format) => (
            <Button key={format} disabled={!isWanted} onClick={() => ask.mutate({ sql, format })}>
              <Download aria-hidden />
              {t(`save.${format}`)}
            </Button>
          ))}
          {ask.isPending && <Button onClick={() => leaving.current?.abort()}>{t('cancel')}</Button>}
        </div>
      </form>
      {ask.isPending && <Progress label={t('asking')} value={null} />}
      {error && <ProblemCard problem={error} />}
      {table ? <Answer table={table} /> : <Examples onTry={setSql} />}
    </Page>
  );
}

function Answer({ table: { columns, rows, isCut } }: { table: QueryTable }) {
  const t = useTranslations('runs.query');
  const format = useFormat();
  return (
    <section className="grid gap-2">
      <p role="status" className="text-muted text-sm">
        {t(isCut ? 'cut' : 'rows', { count: rows.length, text: format.whole(rows.length) })}
      </p>
      {rows.length > 0 && (
        <div className="overflow-hidden rounded-xl border bg-surface">
          <Table
            label={t('answer')}
            className="max-h-[32rem]"
            columns={columns.map(({ name, type }) => ({ label: name, numeric: NUMERIC.test(type) }))}
            rows={rows.map((cells, at) => ({
              key: String(at),
              cells: cells.map((cell) =>
                cell === null ? <span className="text-muted">{t('missing')}</span> : String(cell),
              ),
            }))}
          />
        </div>
      )}
    </section>
  );
}

function Examples({ onTry }: { onTry: (sql: string) => void }) {
  const t = useTranslations('runs.query');
  return (
    <section className="grid gap-2">
      <h2 className="font-medium text-sm">{t('examplesTitle')}</h2>
      <ul className="grid gap-1">
        {Object.entries(EXAMPLES).map(([name, example]) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => onTry(example)}
              className="grid w-full gap-0.5 rounded-lg px-2 py-1.5 text-left hover:bg-hover"
            >
              <span className="text-muted text-xs">{t(`examples.${name as keyof typeof EXAMPLES}`)}</span>
              <code className="wrap-anywhere font-mono text-xs">{example}</code>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
