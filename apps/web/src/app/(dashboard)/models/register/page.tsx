import { RegisterPage } from '@/models/register/register-page';

export default function Page() {
  return <RegisterPage />;
}
