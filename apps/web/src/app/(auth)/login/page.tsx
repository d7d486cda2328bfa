import { SignInForm } from '@/auth/sign-in-form';

export default function Page() {
  return <SignInForm />;
}
