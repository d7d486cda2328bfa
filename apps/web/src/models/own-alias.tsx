'use client';

import { NewAliasName, ownValue, type RegisteredModel, registryRoutes, stageNamed } from '@mallo/contracts';
import { AtSign } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { client } from '@/api/client';
import { randomKey } from '@/api/random-key';
import { Button } from '@/ui/button';
import { Field, SuggestedInput } from '@/ui/field';
import { AliasDialog } from './alias-dialog';

/** The aliases that registering, promoting and rolling back move. */
export const MOVED_BY_PROMOTION: readonly string[] = ['champion', 'candidate', 'rollback'];

type OwnAliasProps = { model: RegisteredModel; version: string };

/** Points an alias of one's own to the version that is looked at, also one that points to another by now. */
export function SetOwnAlias({ model, version }: OwnAliasProps) {
  const t = useTranslations('models.aliases.own');
  const [text, setText] = useState('');
  const [isSaid, setSaid] = useState(false);
  // The same alias again after a lost answer is set once; another is another change.
  const keys = useRef(new Map<string, string>());
  const alias = aliasOf(text);
  const there = ownValue(model.aliases, alias);
  const problem = problemOf(alias, there === version);
  const own = Object.keys(model.aliases).filter((name) => !MOVED_BY_PROMOTION.includes(name));
  return (
    <AliasDialog
      trigger={(open) => (
        <Button
          size="sm"
          onClick={() => {
            setText('');
            setSaid(false);
            keys.current.clear();
            open();
          }}
        >
          <AtSign aria-hidden />
          {t('action')}
        </Button>
      )}
      title={t('title', { version })}
      description={t('text')}
      action={t('confirm')}
      check={() => {
        setSaid(true);
        return problem === null;
      }}
      move={({ reason }) => {
        const key = keys.current.get(alias) ?? randomKey();
        keys.current.set(alias, key);
        const body = { reason, key, alias, version };
        return client.call(registryRoutes.promote, { params: { modelId: model.id }, body });
      }}
    >
      <Field
        label={t('name')}
        hint={there && problem === null ? t('moves', { version: there }) : t('nameHint')}
        error={isSaid && problem ? t(`invalid.${problem}`, { alias }) : null}
      >
        {(control) => (
          <SuggestedInput
            {...control}
            suggestions={own}
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
    </AliasDialog>
  );
}

/** Points an alias of one's own that is set to the version that is looked at. */
export function MoveOwnAlias({ model, version, alias }: OwnAliasProps & { alias: string }) {
  const t = useTranslations('models.aliases.own');
  const before = model.aliases[alias] ?? '';
  return (
    <AliasDialog
      trigger={(open) => (
        <Button size="sm" aria-label={t('move.of', { alias })} onClick={open}>
          {t('move.action')}
        </Button>
      )}
      title={t('move.title', { alias, version })}
      description={t('move.text', { alias, before, version })}
      action={t('move.action')}
      move={(why) =>
        client.call(registryRoutes.promote, { params: { modelId: model.id }, body: { ...why, alias, version } })
      }
    />
  );
}

/** As it is meant: with or without its @, in the letters that it is asked for in. */
function aliasOf(text: string): string {
  return text.trim().replace(/^@/, '').normalize('NFC');
}

function problemOf(alias: string, isHere: boolean): 'required' | 'promoted' | 'stage' | 'form' | 'here' | null {
  if (alias === '') return 'required';
  if (MOVED_BY_PROMOTION.includes(alias.toLowerCase())) return 'promoted';
  if (stageNamed(alias)) return 'stage';
  if (!NewAliasName.safeParse(alias).success) return 'form';
  return isHere ? 'here' : null;
}
