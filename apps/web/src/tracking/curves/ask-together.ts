import { type CurvePoints, type CurvesWanted, trackingRoutes } from '@mallo/contracts';
import { notifyManager } from '@tanstack/react-query';
import { callRoute } from '@/api/use-route';

/** Points that one answer may have: so many are read without holding up the page. */
const MOST_POINTS = 60_000;

type Asked = {
  wanted: CurvesWanted;
  /** Is given the points of all curves that were asked for, those of others among them, and from where they begin. */
  take: (found: CurvePoints[], from: number | undefined) => void;
};

let asked: Asked[] = [];

/** Asks for curves together with whoever asks at the same moment: to a page a request is much, and what is in it little. */
export function askTogether(one: Asked): void {
  if (asked.length === 0) queueMicrotask(askAll);
  asked.push(one);
}

function askAll(): void {
  const all = asked;
  asked = [];
  const alike = Map.groupBy(all, ({ wanted }) => [wanted.axis, wanted.maxPoints, wanted.from === undefined].join());
  for (const group of alike.values()) {
    let together: Asked[] = [];
    let points = 0;
    for (const one of group) {
      const more = one.wanted.curves.length * one.wanted.maxPoints;
      if (together.length > 0 && points + more > MOST_POINTS) {
        void ask(together);
        together = [];
        points = 0;
      }
      together.push(one);
      points += more;
    }
    void ask(together);
  }
}

async function ask(together: Asked[]): Promise<void> {
  const [first] = together;
  if (!first) return;
  const from =
    first.wanted.from === undefined ? undefined : Math.min(...together.flatMap(({ wanted }) => wanted.from ?? []));
  const curves = together.flatMap(({ wanted }) => wanted.curves);
  const body = { ...first.wanted, curves, ...(from === undefined ? {} : { from }) };
  // Who is given nothing asks again once there is more.
  const found = await callRoute(trackingRoutes.curves, { body }).catch(() => null);
  if (!found) return;
  notifyManager.batch(() => {
    for (const { take } of together) take(found, from);
  });
}
