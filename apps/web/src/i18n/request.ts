import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { chooseLocale, LOCALE_COOKIE } from './locale';

export default getRequestConfig(async () => {
  const locale = chooseLocale((await cookies()).get(LOCALE_COOKIE)?.value, (await headers()).get('accept-language'));
  const messages = locale === 'ko' ? await import('../../messages/ko.json') : await import('../../messages/en.json');
  return { locale, messages: messages.default, timeZone: 'UTC' };
});
