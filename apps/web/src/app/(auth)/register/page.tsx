import { RegisterForm } from '@/auth/register-form';

export default function Page() {
  return <RegisterForm />;
}
