'use client';

import type { ModelVersion } from '@mallo/contracts';
import { Camera as CameraIcon, ImageUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { FileDrop, FilePicker } from '@/datasets/drop-zone';
import { Button } from '@/ui/button';
import { Camera, hasCamera } from './camera';
import { Samples } from './samples';
import { StillTrial } from './trial-card';
import { useTrialImages } from './use-trial-images';

type TrialsProps = { version: ModelVersion; versions: string[] };

/** Drop, choose or paste images, take a sample or the camera, and see what each version makes of them. */
export function Trials({ version, versions }: TrialsProps) {
  const t = useTranslations('models.try');
  const { images, add, remove } = useTrialImages();
  const [cameraIsOn, setCameraOn] = useState(false);
  // Whether there is a camera is only known in the browser.
  const [camera, setCamera] = useState(false);
  useEffect(() => setCamera(hasCamera()), []);

  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const pasted = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
      if (pasted.length > 0) add(pasted.map(named));
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [add]);

  return (
    <FileDrop onFiles={(files) => add(files.map(named))} label={t('drop')} testId="prediction-drop">
      <FilePicker accept="image/*" label={t('choose')} onFiles={(files) => add(files.map(named))} multiple>
        {(open) => (
          <div className="grid grid-cols-1 gap-4 p-4">
            <div className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl border border-line-strong border-dashed p-4">
              <ImageUp aria-hidden className="size-6 shrink-0 text-muted" />
              <p className="min-w-48 flex-1 text-muted text-sm">{t('hint')}</p>
              <div className="flex flex-wrap gap-2">
                <Button size="sm" onClick={open}>
                  {t('choose')}
                </Button>
                {camera && (
                  <Button size="sm" aria-pressed={cameraIsOn} onClick={() => setCameraOn((isOn) => !isOn)}>
                    <CameraIcon aria-hidden />
                    {t(cameraIsOn ? 'camera.close' : 'camera.open')}
                  </Button>
                )}
              </div>
              <Samples version={version} onChoose={(sample) => add([sample])} />
            </div>
            {cameraIsOn && (
              <Camera
                modelId={version.modelId}
                versions={versions}
                onTake={(bytes) => add([{ name: t('camera.picture'), bytes }])}
              />
            )}
            {images.length > 0 && (
              <ul aria-label={t('results')} className="grid grid-cols-1 gap-4">
                {images.map((image) => (
                  <li key={image.id}>
                    <StillTrial
                      modelId={version.modelId}
                      versions={versions}
                      image={image}
                      onRemove={() => remove(image.id)}
                    />
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
      </FilePicker>
    </FileDrop>
  );
}

function named(file: File) {
  return { name: file.name, bytes: file };
}
