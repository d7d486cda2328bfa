'use client';

import type { ConfigCard, Resources } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/format/use-format';
import { ConfigRow } from './config-row';

type ResourceRowsProps = { card: ConfigCard; message: string };

/** What a person said the training may use; nothing where nothing was said. */
export function ResourceRows({ card: { config, origin }, message }: ResourceRowsProps) {
  const t = useTranslations('config.resources');
  const format = useFormat();
  const textOf = {
    gpuCount: format.whole,
    gpuType: (type: string) => type,
    memoryGb: (gigabytes: number) => format.bytes(gigabytes * 1e9),
    maxHours: (hours: number) => format.duration(hours * 3600),
  } satisfies { [Name in keyof Resources]: (value: Resources[Name]) => string };
  const rows = (Object.keys(textOf) as (keyof Resources)[]).flatMap((name) => {
    const value = config.resources[name];
    return value === undefined ? [] : [{ name, text: (textOf[name] as (value: unknown) => string)(value) }];
  });
  return rows.map(({ name, text }) => (
    <ConfigRow key={name} label={t(name)} origin={origin[`resources.${name}`]} message={message}>
      <p className="tabular truncate px-2 font-medium">{text}</p>
    </ConfigRow>
  ));
}
