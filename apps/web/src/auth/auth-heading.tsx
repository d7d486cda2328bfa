export function AuthHeading({ title, text }: { title: string; text: string }) {
  return (
    <div className="mb-6 grid gap-1">
      <h1 className="font-bold text-2xl tracking-tight">{title}</h1>
      <p className="text-muted">{text}</p>
    </div>
  );
}
