import clsx from 'clsx';

const tones = { accent: 'bg-accent', warn: 'bg-warn', bad: 'bg-bad' };

interface MeterProps {
  readonly label: string;
  /** 0 to 100; null while nobody knows. */
  readonly percent: number | null;
  readonly tone?: keyof typeof tones;
}

/** How much of something. */
export function Meter({ label, percent, tone = 'accent' }: MeterProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent !== null && { 'aria-valuenow': Math.round(percent) })}
      className="h-1.5 w-full overflow-hidden rounded-full bg-sunken"
    >
      <div
        className={clsx(
          'h-full rounded-full transition-[width]',
          tones[tone],
          // All of it, and faintly: a part of it would be taken for a number.
          percent === null && 'w-full animate-pulse opacity-40',
        )}
        ref={(bar) => {
          // By the object model, which the policy leaves alone.
          if (bar && percent !== null) bar.style.width = `${Math.min(100, Math.max(0, percent))}%`;
        }}
      />
    </div>
  );
}
