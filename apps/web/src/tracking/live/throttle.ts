/** Does it at once, and again for what came meanwhile, at most once in `ms`. */
export function throttled(work: () => void, ms: number): { call: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsked = false;
  const call = () => {
    if (timer) {
      isAsked = true;
      return;
    }
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (isAsked) {
        isAsked = false;
        call();
      }
    }, ms);
  };
  return { call, cancel: () => clearTimeout(timer) };
}
