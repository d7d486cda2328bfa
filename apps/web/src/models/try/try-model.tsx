'use client';

import type { ModelVersion, RegisteredModel } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Section } from '@/ui/card';
import { Select } from '@/ui/select';
import { Trials } from './trials';
import { whyNotTried } from './why-not-tried';

/** Not a version. */
const NONE = '-';

type TryModelProps = { model: RegisteredModel; version: ModelVersion };

/** What a version makes of images, beside another version where one is chosen; or why that cannot be. */
export function TryModel({ model, version }: TryModelProps) {
  const t = useTranslations('models.try');
  const [other, setOther] = useState<string | null>(null);
  const reason = whyNotTried(version);
  const others = model.versions.filter((one) => one.version !== version.version);
  return (
    <Section
      title={t('title')}
      aside={
        reason === null &&
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
      {reason === null ? (
        <Trials version={version} versions={other ? [version.version, other] : [version.version]} />
      ) : (
        <p className="p-4 text-muted">{t(`unavailable.${reason}`)}</p>
      )}
    </Section>
  );
}
