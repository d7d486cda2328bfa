'use client';

import type { ModelVersion, Signature } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { CodeBlock } from '@/ui/code-block';
import { Table } from '@/ui/table';
import { askingCode } from './asking-code';

type AskByProgramProps = { version: ModelVersion; signature: Signature; reason: 'inputs' | 'noTask' };

/** What a model that cannot be tried on images reads and answers, and a program that asks it. */
export function AskByProgram({ version, signature, reason }: AskByProgramProps) {
  const t = useTranslations('models.try.byProgram');
  const code = askingCode(version, signature, window.location.origin);
  return (
    <div className="grid grid-cols-1 gap-4 p-4">
      <p className="text-muted">{t(reason)}</p>
      <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
        <Ports title={t('reads')} ports={signature.inputs} />
        <Ports title={t('answers')} ports={signature.outputs} />
      </div>
      <div className="grid grid-cols-1 gap-1">
        <CodeBlock
          heading={<h3 className="font-medium text-sm">{t('code')}</h3>}
          code={code}
          label={t('code')}
          copyLabel={t('copy')}
        />
        <p className="text-muted text-sm">{t('codeText')}</p>
      </div>
    </div>
  );
}

function Ports({ title, ports }: { title: string; ports: Signature['inputs'] }) {
  const t = useTranslations('models.try.byProgram');
  const shapeText = (shape: number[] | null) =>
    shape ? `[${shape.map((size) => (size === -1 ? t('any') : size)).join(', ')}]` : t('shapeUnknown');
  return (
    <div className="grid content-start gap-1">
      <h3 className="font-medium text-sm">{title}</h3>
      <Table
        label={title}
        className="rounded-lg border"
        columns={[{ label: t('name') }, { label: t('type') }, { label: t('shape') }]}
        rows={ports.map(({ name, type, shape }) => ({ key: name, cells: [name, type, shapeText(shape)] }))}
      />
    </div>
  );
}
