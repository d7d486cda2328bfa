import { PageHeading } from '@/ui/page-heading';

export function AuthHeading({ title, text }: { title: string; text: string }) {
  return (
    <div className="mb-6 grid gap-1">
      <PageHeading title={title} className="font-bold text-2xl tracking-tight" />
      <p className="text-muted">{text}</p>
    </div>
  );
}
