'use client';

import { conversationRoutes } from '@mallo/contracts';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useRoute } from '@/api/use-route';
import { cn } from '@/ui/cn';
import { Link } from '@/ui/link';
import { Skeleton } from '@/ui/skeleton';

export function ConversationList({ projectId }: { projectId: string }) {
  const t = useTranslations('chat');
  const pathname = usePathname();
  const conversations = useRoute(conversationRoutes.list, { params: { projectId } });
  return (
    <nav aria-label={t('conversations')} className="grid gap-0.5 pb-4">
      <h2 className="px-2.5 pb-1 font-medium text-muted text-xs">{t('conversations')}</h2>
      {conversations.isPending && (
        <div className="grid gap-2 px-2.5 py-1">
          <Skeleton className="h-4 w-4/5" />
          <Skeleton className="h-4 w-3/5" />
        </div>
      )}
      {conversations.data?.length === 0 && <p className="px-2.5 text-muted text-sm">{t('noConversations')}</p>}
      {conversations.data?.map(({ id, title }) => {
        const href = `/projects/${projectId}/chat/${id}`;
        const current = pathname === href;
        return (
          <Link
            key={id}
            href={href}
            aria-current={current ? 'page' : undefined}
            className={cn(
              'truncate rounded-lg px-2.5 py-1.5 text-muted transition-colors hover:bg-hover hover:text-fg',
              current && 'bg-hover font-medium text-fg',
            )}
          >
            {title || t('untitled')}
          </Link>
        );
      })}
    </nav>
  );
}
