import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ChatPage } from '@/chat/chat-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('chat');
  return { title: t('title') };
}

export default function Page() {
  return <ChatPage />;
}
