'use client';

import { inferenceRoutes, type ModelVersion, type RegisteredModel } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useRoute } from '@/api/use-route';
import { Section } from '@/ui/card';
import { Select } from '@/ui/select';
import { canBeConverted } from '../conversion/conversion';
import { AskByProgram } from './ask-by-program';
import { Trials } from './trials';
import { whyByProgram, whyNotTried } from './why-not-tried';

/** Not a version. */
const NONE = '-';

type TryModelProps = { model: RegisteredModel; version: ModelVersion };

/** What a version makes of images, beside another version where one is chosen; or why that cannot be, and what can be. */
export function TryModel({ model, version }: TryModelProps) {
  const t = useTranslations('models.try');
  const [other, setOther] = useState<string | null>(null);
  const reason = whyNotTried(version);
  const params = { modelId: version.modelId, version: version.version };
  const signature = useRoute(inferenceRoutes.signature, reason === null ? { params } : null);
  // Most are tried on images; their page need not wait for what is read from the file.
  const byProgram = signature.data ? whyByProgram(version, signature.data) : null;
  const others = model.versions.filter((one) => one.version !== version.version);
  return (
    <Section
      title={t('title')}
      aside={
        reason === null &&
        byProgram === null &&
        others.length > 0 && (
          <Select
            label={t('compareWith')}
            className="h-8 w-52"
            value={other ?? NONE}
            onValueChange={(value) => setOther(value === NONE ? null : value)}
            options={[
              { value: NONE, label: t('alone') },
              ...others.map((one) => ({ value: one.version, label: t('beside', { version: one.version }) })),
            ]}
          />
        )
      }
    >
      {reason !== null ? (
        <p className="p-4 text-muted">
          {t(`unavailable.${reason === 'noOnnx' && canBeConverted(version) ? 'convertible' : reason}`)}
        </p>
      ) : byProgram && signature.data ? (
        <AskByProgram version={version} signature={signature.data} reason={byProgram} />
      ) : (
        <Trials version={version} versions={other ? [version.version, other] : [version.version]} />
      )}
    </Section>
  );
}
