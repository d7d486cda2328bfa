'use client';

import { ApiError } from '@mallo/client';
import { type Conversion, conversionRoutes, InputShape, type ModelVersion } from '@mallo/contracts';
import { FileCode2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useId, useState } from 'react';
import { useCall } from '@/api/use-route';
import { ProblemCard } from '@/errors/problem-card';
import { Button } from '@/ui/button';
import { CheckBox } from '@/ui/check-box';
import { Field, Input } from '@/ui/field';

type ConversionFormProps = { version: ModelVersion; isAgain: boolean; onBegun: (begun: Conversion) => void };

/** Of what architecture the weights are; code of one's own runs only where it is allowed. */
export function ConversionForm({ version, isAgain, onBegun }: ConversionFormProps) {
  const t = useTranslations('models.conversion');
  const id = useId();
  const [architecture, setArchitecture] = useState(version.architecture);
  const [shape, setShape] = useState(version.inputShape?.join(', ') ?? '');
  const [isShapeWrong, setShapeWrong] = useState(false);
  const [runCode, setRunCode] = useState(false);
  const start = useCall(conversionRoutes.start, { onSuccess: onBegun });
  const isCode =
    architecture.includes('.py:') || (start.error instanceof ApiError && start.error.code === 'model.code_not_allowed');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const inputShape = shape.trim() === '' ? undefined : InputShape.safeParse(shape.split(/[\s,×x]+/).map(Number));
    setShapeWrong(inputShape?.success === false);
    if (inputShape?.success === false) return;
    start.mutate({
      params: { modelId: version.modelId, version: version.version },
      body: {
        architecture: architecture.trim() || undefined,
        inputShape: inputShape?.data,
        runCode: isCode && runCode,
      },
    });
  };
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-4">
      <p className="text-muted">{t('text')}</p>
      {start.error && <ProblemCard problem={start.error} />}
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Field label={t('architecture')} hint={t('architectureHint')}>
          {(control) => (
            <Input
              {...control}
              value={architecture}
              onChange={(event) => setArchitecture(event.target.value)}
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        <Field label={t('inputShape')} hint={t('inputShapeHint')} error={isShapeWrong ? t('inputShapeWrong') : null}>
          {(control) => (
            <Input {...control} value={shape} onChange={(event) => setShape(event.target.value)} spellCheck={false} />
          )}
        </Field>
      </div>
      {isCode && (
        <div className="flex items-start gap-2.5 rounded-xl border border-warn-line bg-warn-soft px-4 py-3">
          <CheckBox id={id} checked={runCode} onChange={setRunCode} className="mt-1" />
          <label htmlFor={id}>{t('runCode')}</label>
        </div>
      )}
      <Button type="submit" variant="primary" busy={start.isPending} className="justify-self-start">
        {!start.isPending && <FileCode2 aria-hidden />}
        {t(isAgain ? 'again' : 'action')}
      </Button>
    </form>
  );
}
