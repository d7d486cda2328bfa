'use client';

import { type RefObject, useEffect, useState } from 'react';
import { type Answer, predict } from './use-predictions';
import { frameOf } from './video-frame';

/** At most so often, however fast the model is: it shares its machine with trainings. */
const REST_MS = 400;

/** The last picture that every version has answered to. */
type Live = { url: string; answers: Answer[] };

/** Asks about what a video shows, again as soon as everyone has answered; null until the first answer, and when off. */
export function useLiveAnswers(
  video: RefObject<HTMLVideoElement | null>,
  modelId: string,
  versions: string[],
  isOn: boolean,
): Live | null {
  const [live, setLive] = useState<Live | null>(null);
  const asked = versions.join(' ');
  useEffect(() => {
    if (!isOn) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    let shown: string | null = null;
    const look = async () => {
      // A page that nobody looks at asks for nothing.
      const frame = document.hidden ? null : await frameOf(video.current);
      if (frame) {
        const answers = await Promise.all(
          asked.split(' ').map((version) => answerOf(modelId, version, frame, abort.signal)),
        );
        if (abort.signal.aborted) return;
        const before = shown;
        shown = URL.createObjectURL(frame);
        setLive({ url: shown, answers });
        if (before) URL.revokeObjectURL(before);
      }
      if (!abort.signal.aborted) timer = setTimeout(look, REST_MS);
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
      setLive(null);
      if (shown) URL.revokeObjectURL(shown);
    };
  }, [isOn, modelId, asked, video]);
  return live;
}

async function answerOf(modelId: string, version: string, frame: Blob, signal: AbortSignal): Promise<Answer> {
  try {
    return { version, prediction: await predict(modelId, version, frame, signal), error: null };
  } catch (error) {
    return { version, prediction: null, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
