// Starts the console: language first (one small chunk), then the application.
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { start_i18n } from './shared/i18n';
import './shared/styles.css';
import './shared/table.css';

async function start(root: HTMLElement) {
  await start_i18n();
  createRoot(root).render(<App />);
}

const root = document.getElementById('root');
if (root) void start(root);
