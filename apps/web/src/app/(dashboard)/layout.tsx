import type { ReactNode } from 'react';
import { Shell } from '@/shell/shell';
import { SignedIn } from '@/shell/signed-in';

export default function DashboardLayout({ children }: { children: ReactNode }) {
  return (
    <SignedIn>
      <Shell>{children}</Shell>
    </SignedIn>
  );
}
