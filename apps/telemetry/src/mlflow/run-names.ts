import { randomInt } from 'node:crypto';

const HOW =
  'able bright calm clever eager fair gentle glad handy honest keen kind lively lucky merry neat noble quick quiet ripe sharp sunny swift tidy wise'.split(
    ' ',
  );
const WHO =
  'ant bear carp crane crow deer dove finch fox frog goose hare hawk heron lark lynx mole moth newt owl seal swan toad wolf wren'.split(
    ' ',
  );

/** A name for a run or a model that was given none, such as `merry-heron-412`. */
export function randomName(): string {
  return `${HOW[randomInt(HOW.length)]}-${WHO[randomInt(WHO.length)]}-${randomInt(1000)}`;
}
