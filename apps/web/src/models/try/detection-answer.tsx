'use client';

import type { DetectedBox, DetectionPrediction } from '@mallo/contracts';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { useFormat } from '@/format/use-format';
import { Slider } from '@/ui/slider';
import { TrialPicture } from './trial-picture';

/** The least that the api answers, and so the lowest to choose. */
const LEAST_SCORE = 0.25;

type DetectionAnswerProps = { prediction: DetectionPrediction; url: string; name: string };

/** What was found where, of a score that can be chosen. */
export function DetectionAnswer({ prediction, url, name }: DetectionAnswerProps) {
  const t = useTranslations('models.try');
  const format = useFormat();
  const [least, setLeast] = useState(LEAST_SCORE);
  const [pointed, setPointed] = useState<DetectedBox | null>(null);
  const boxes = prediction.boxes.filter(({ score }) => score >= least);
  return (
    <>
      <TrialPicture url={url} alt={t('image', { name })} size={prediction.image}>
        <Boxes boxes={boxes} size={prediction.image} pointed={pointed} />
      </TrialPicture>
      <div className="grid min-w-0 content-start gap-3">
        <p className="font-semibold text-xl">{t('found', { count: boxes.length })}</p>
        <Slider
          label={t('leastScore')}
          value={least}
          min={LEAST_SCORE}
          max={1}
          text={format.percent(least, 0)}
          onChange={setLeast}
        />
        <ul aria-label={t('boxes')} className="grid max-h-60 gap-0.5 overflow-y-auto">
          {boxes.map((box, index) => (
            <li
              key={index}
              onPointerEnter={() => setPointed(box)}
              onPointerLeave={() => setPointed(null)}
              className="flex items-center gap-2.5 rounded-md px-1.5 py-0.5 text-sm hover:bg-hover"
            >
              <span aria-hidden className="size-3 rounded-sm" style={{ background: colorOf(box.classIndex) }} />
              <span className="min-w-0 flex-1 truncate">{box.name}</span>
              <span className="tabular">{format.percent(box.score)}</span>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

type BoxesProps = { boxes: DetectedBox[]; size: DetectionPrediction['image']; pointed: DetectedBox | null };

function Boxes({ boxes, size, pointed }: BoxesProps) {
  const id = useId();
  // Names are as large on a large image as on a small one.
  const unit = Math.max(size.width, size.height) / 100;
  return (
    <svg aria-hidden viewBox={`0 0 ${size.width} ${size.height}`} className="absolute inset-0 size-full">
      {boxes.map((box, index) => {
        const color = colorOf(box.classIndex);
        const isDim = pointed !== null && pointed !== box;
        return (
          <g key={`${id}-${index}`} opacity={isDim ? 0.25 : 1}>
            <rect
              x={box.left}
              y={box.top}
              width={box.width}
              height={box.height}
              fill={color}
              fillOpacity={pointed === box ? 0.3 : 0.08}
              stroke={color}
              strokeWidth={unit * 0.7}
            />
            <text
              x={box.left + unit}
              y={Math.max(box.top - unit, unit * 4)}
              fontSize={unit * 4}
              fontWeight={700}
              fill={color}
              stroke="black"
              strokeWidth={unit * 0.8}
              paintOrder="stroke"
            >
              {box.name}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** A colour for a class that stays the same from image to image; neighbours differ much (the golden angle). */
function colorOf(classIndex: number): string {
  return `oklch(80% 0.16 ${(classIndex * 137.508 + 180) % 360})`;
}
