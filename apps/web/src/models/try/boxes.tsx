'use client';

import type { DetectedBox, Prediction } from '@mallo/contracts';
import { useId } from 'react';

type BoxesProps = { boxes: DetectedBox[]; size: Prediction['image']; pointed: DetectedBox | null };

/** Boxes over the picture, with their names; the one that is pointed at stands out. */
export function Boxes({ boxes, size, pointed }: BoxesProps) {
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
export function colorOf(classIndex: number): string {
  return `oklch(80% 0.16 ${(classIndex * 137.508 + 180) % 360})`;
}
