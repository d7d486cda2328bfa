import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { Link } from './link';

/** Markdown that people wrote. HTML in it stays text; pictures of other places are not loaded. */
export function MarkdownText({ children }: { children: string }) {
  return (
    <div className="wrap-anywhere grid gap-2.5 [&_blockquote]:border-line-strong [&_blockquote]:border-l-2 [&_blockquote]:pl-3 [&_blockquote]:text-muted [&_code]:rounded-sm [&_code]:bg-hover [&_code]:px-1 [&_code]:font-mono [&_code]:text-sm [&_h3]:mt-2 [&_h3]:font-semibold [&_h3]:text-lg [&_h4]:mt-1 [&_h4]:font-semibold [&_ol]:list-decimal [&_ol]:pl-5 [&_pre]:overflow-x-auto [&_pre]:rounded-lg [&_pre]:bg-sunken [&_pre]:p-3 [&_table]:text-sm [&_td]:border [&_td]:px-2 [&_td]:py-1 [&_th]:border [&_th]:px-2 [&_th]:py-1 [&_ul]:list-disc [&_ul]:pl-5">
      <Markdown
        remarkPlugins={[remarkGfm]}
        disallowedElements={['img']}
        components={{
          // Below the headings of the page, whichever level people begin with.
          h1: 'h3',
          h2: 'h3',
          h3: 'h4',
          h4: 'h5',
          h5: 'h6',
          a: ({ href = '', children: text }) => (
            <Link href={href} rel="noreferrer" className="text-accent underline underline-offset-4">
              {text}
            </Link>
          ),
        }}
      >
        {children}
      </Markdown>
    </div>
  );
}
