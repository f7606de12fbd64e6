// All texts of this language, one chunk.
import account from './account.json';
import audit from './audit.json';
import catalog from './catalog.json';
import channel from './channel.json';
import common from './common.json';
import compliance from './compliance.json';
import errors from './errors.json';
import fulfil from './fulfil.json';
import holds from './holds.json';
import imports from './imports.json';
import insight from './insight.json';
import orders from './orders.json';
import platform from './platform.json';
import rights from './rights.json';
import words from './words.json';

export default { account, audit, catalog, channel, common, compliance, errors, fulfil, holds, imports, insight, orders, platform, rights, words };
