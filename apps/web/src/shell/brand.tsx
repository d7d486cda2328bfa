import { useTranslations } from 'next-intl';

export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <rect width="32" height="32" rx="8" fill="oklch(29% 0.04 188)" />
      <path
        d="M8 21V12.200c0-.9 1.100-1.300 1.700-.6L16 18.600l6.300-7c.6-.7 1.700-.3 1.700.6V21"
        fill="none"
        stroke="oklch(84% 0.1 182)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="24" r="1.800" fill="oklch(84% 0.1 182)" />
    </svg>
  );
}

export function Brand() {
  const t = useTranslations('app');
  return (
    <span className="flex items-center gap-2 font-semibold text-lg tracking-tight">
      <BrandMark className="size-6" />
      {t('name')}
    </span>
  );
}
