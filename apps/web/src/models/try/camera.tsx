'use client';

import { Aperture, Play, Square } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/ui/button';
import { TrialCard } from './trial-card';
import { useLiveAnswers } from './use-live-answers';
import { frameOf } from './video-frame';

/** Browsers give the camera to pages of this machine and of https alone. */
export function hasCamera(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === 'function';
}

type CameraProps = { modelId: string; versions: string[]; onTake: (bytes: Blob) => void };

/** What the camera sees, a picture at a time or one after the other; it is switched off when this is left. */
export function Camera({ modelId, versions, onTake }: CameraProps) {
  const t = useTranslations('models.try.camera');
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<'opening' | 'open' | 'refused' | 'missing'>('opening');
  const [isLive, setLive] = useState(false);
  const live = useLiveAnswers(video, modelId, versions, isLive && state === 'open');

  useEffect(() => {
    let stream: MediaStream | null = null;
    let isLeft = false;
    const open = async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
        if (isLeft) return stop(stream);
        if (video.current) video.current.srcObject = stream;
        setState('open');
      } catch (error) {
        setState(error instanceof DOMException && error.name === 'NotAllowedError' ? 'refused' : 'missing');
      }
    };
    void open();
    return () => {
      isLeft = true;
      if (stream) stop(stream);
    };
  }, []);

  if (state === 'refused' || state === 'missing') {
    return (
      <p role="alert" className="rounded-xl border border-warn-line bg-warn-soft px-4 py-3">
        {t(state)}
      </p>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-3 rounded-xl border p-3">
      <div className="flex flex-wrap items-center gap-3">
        <video
          ref={video}
          autoPlay
          muted
          playsInline
          aria-label={t('view')}
          className="aspect-4/3 w-44 rounded-lg bg-hover object-cover"
        />
        <div className="grid justify-items-start gap-2">
          <div className="flex flex-wrap gap-2">
            <Button
              size="sm"
              disabled={state !== 'open'}
              onClick={async () => {
                const frame = await frameOf(video.current);
                if (frame) onTake(frame);
              }}
            >
              <Aperture aria-hidden />
              {t('take')}
            </Button>
            <Button size="sm" disabled={state !== 'open'} onClick={() => setLive(!isLive)}>
              {isLive ? <Square aria-hidden /> : <Play aria-hidden />}
              {t(isLive ? 'stop' : 'live')}
            </Button>
          </div>
          <p className="max-w-sm text-muted text-sm">{t('text')}</p>
        </div>
      </div>
      {live && <TrialCard name={t('now')} url={live.url} answers={live.answers} />}
    </div>
  );
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
