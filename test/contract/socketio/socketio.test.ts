import { certificate } from '../../support/servers/certificate';
import { contract } from '../suite/contract';
import { fixture } from './fixture';

const { key, cert } = certificate();
const impatientServer = { pingInterval: 500, pingTimeout: 1000 };

contract('Socket.IO', () => fixture({ version: 4 }, {}));
contract('Socket.IO over TLS', () => fixture({ version: 4, tls: { key, cert } }, {}), 'transport');
contract(
	'Socket.IO by polling',
	() => fixture({ version: 4, ...impatientServer }, { transport: 'polling' }),
	'transport',
);
contract('Socket.IO, upgraded', () => fixture({ version: 3 }, { transport: 'upgrade' }), 'transport');
contract('Socket.IO 2', () => fixture({ version: 2 }, {}), 'transport');
