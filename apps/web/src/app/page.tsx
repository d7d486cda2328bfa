'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { pageOfMlflowAddress } from '@/tracking/mlflow-address';

export default function Home() {
  const router = useRouter();
  useEffect(() => router.replace(pageOfMlflowAddress(window.location.hash) ?? '/projects'), [router]);
  return null;
}
