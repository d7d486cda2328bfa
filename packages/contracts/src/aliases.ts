import { z } from 'zod';
import { because } from './because.js';
import { Id, Timestamp } from './identity.js';
import { composed, isSeen, UNSEEN } from './names.js';

export const Version = z.string().regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/);

/**
 * A name that points to one version of a model and may be moved, such as `champion` or `최고`: all that MLflow takes, but for
 * the one that objects have a meaning of their own for.
 */
export const AliasName = z.string().regex(/^(?!latest$)(?!v\d+$)(?!__proto__$)[\p{L}\p{N}_-]{1,255}$/iu);

/** A version's place on its way: waiting (@candidate), in use (@champion), no longer in use. A view of the aliases. */
export const Stage = z.enum(['Staging', 'Production', 'Archived']);
export type Stage = z.infer<typeof Stage>;

/** The stage of a name, whichever of its letters are capital ones. */
export function stageNamed(name: string): Stage | undefined {
  return Stage.options.find((stage) => stage.toLowerCase() === name.toLowerCase());
}

/**
 * An alias that people may set: stages are read from the aliases, so none is named like one, nor like another reference.
 * Programs that speak MLflow may, for there `@production` is an alias and nothing else.
 */
export const NewAliasName = AliasName.regex(/^(?!best$)(?!v\d)\p{L}/iu)
  .refine(isSeen, UNSEEN)
  .refine(
    (name) => !stageNamed(name),
    because(
      'is a stage; promote to @champion or let the version wait as @candidate',
      '단계 이름입니다. @champion으로 올리거나 @candidate로 기다리게 해 주세요',
    ),
  )
  .transform(composed);

/** Which version each alias of a model points to. */
export const AliasState = z.record(AliasName, Version);
export type AliasState = z.infer<typeof AliasState>;

/** The versions in each stage, the newest first. One that was never in use is in none after a newer one waits. */
export const Stages = z.record(Stage, z.array(Version));
export type Stages = z.infer<typeof Stages>;

/** One change of a model's aliases, kept for good. */
export const AliasChange = z.strictObject({
  id: Id,
  action: z.enum(['register', 'promote', 'rollback', 'remove', 'restore', 'delete', 'import']),
  /** Whose it was; null: a training that ended. */
  by: z.string().nullable(),
  reason: z.string(),
  before: AliasState,
  after: AliasState,
  at: Timestamp,
});
export type AliasChange = z.infer<typeof AliasChange>;

/** Why, and a key made by the sender, so that a repeat after a lost answer changes nothing more. */
export const Reasoned = z.strictObject({ reason: z.string().max(1000).default(''), key: z.string().min(8).max(64) });

/**
 * The same for a return to an earlier state. A version that is deprecated by now is only returned to with
 * `allowDeprecated`, and then `reason` has to say why.
 */
export const Returning = Reasoned.extend({ allowDeprecated: z.boolean().default(false) });
