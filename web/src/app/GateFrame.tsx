// Frame of the pages before sign-in: brand, language, theme, one card.
import { Outlet } from 'react-router';
import { LanguageSwitch, ThemeSwitch } from '../shared/components/switches';

export function GateFrame() {
  return (
    <div className="gate">
      <header className="gate-top">
        <span className="brand">
          <img src="/favicon.svg" alt="" />
          Entrepot
        </span>
        <span className="row">
          <LanguageSwitch />
          <ThemeSwitch />
        </span>
      </header>
      <main className="gate-body">
        <Outlet />
      </main>
    </div>
  );
}
