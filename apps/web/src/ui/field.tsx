import { type ComponentProps, type ReactNode, useId } from 'react';
import { cn } from './cn';

export const CONTROL =
  'h-9 w-full rounded-lg border border-line-strong bg-surface px-3 text-base text-fg shadow-low transition-colors hover:border-control disabled:opacity-50 aria-invalid:border-danger';

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={cn(CONTROL, className)} {...props} />;
}

/** A text for which something is suggested, and anything may be entered. */
export function SuggestedInput({
  suggestions,
  ...props
}: ComponentProps<'input'> & { suggestions: readonly string[] }) {
  const id = useId();
  return (
    <>
      <Input {...props} list={id} />
      <datalist id={id}>
        {suggestions.map((text) => (
          <option key={text} value={text} />
        ))}
      </datalist>
    </>
  );
}

type FieldProps = {
  label: string;
  hint?: string;
  error?: string | null;
  children: (control: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }) => ReactNode;
};

/** A control with its label, and below it a hint or what is wrong. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="grid grid-cols-1 content-start gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children({ id, 'aria-describedby': note ? `${id}-note` : undefined, 'aria-invalid': Boolean(error) })}
      {note && (
        <p
          id={`${id}-note`}
          role={error ? 'alert' : undefined}
          className={cn('text-sm', error ? 'text-danger' : 'text-muted')}
        >
          {note}
        </p>
      )}
    </div>
  );
}
