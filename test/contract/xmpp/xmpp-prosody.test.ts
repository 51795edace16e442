import { startProsody } from '../../support/servers/xmpp/prosody';
import { contract } from '../suite/contract';
import { xmppFixture } from './fixture';

contract('XMPP, prosody, STARTTLS', () => xmppFixture(startProsody, { way: 'starttls' }));
contract(
	'XMPP, prosody, TLS, stanzas not counted',
	() => xmppFixture(startProsody, { way: 'tls', unmanaged: true }),
	'transport',
);
