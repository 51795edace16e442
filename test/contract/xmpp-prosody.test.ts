import { startProsody } from '../support/prosody';
import { contract } from './contract';
import { xmppFixture } from './xmpp-fixture';

contract('XMPP, prosody, STARTTLS', () => xmppFixture(startProsody, { way: 'starttls' }));
contract('XMPP, prosody, TLS, stanzas not counted', () => xmppFixture(startProsody, { way: 'tls', unmanaged: true }));
