import { useTranslations } from 'next-intl';

type PageHeadingProps = { title: string; className: string };

/**
 * The heading of a page, which names its tab in the browser too, so that ten open tabs are told apart. Rendered with the
 * page, the title is never missing between two of them, as the metadata of Next is for a moment.
 */
export function PageHeading({ title, className }: PageHeadingProps) {
  const t = useTranslations('app');
  return (
    <>
      <title>{`${title} · ${t('name')}`}</title>
      <h1 className={className}>{title}</h1>
    </>
  );
}
