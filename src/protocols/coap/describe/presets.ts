import type { Preset } from '../../description';

export const presets: readonly Preset[] = [
	{
		label: 'libcoap',
		help: 'The coap-server of libcoap needs no credentials; for coaps:// it is started with a pre-shared key (coap-server -k).',
		url: 'coap://localhost:5683',
	},
	{
		label: 'Californium',
		help: 'The public server of Eclipse Californium needs no credentials; its demo-apps run locally on the same port.',
		url: 'coap://californium.eclipseprojects.io:5683',
		words: 'java eclipse public test',
	},
	{
		label: 'LwM2M device',
		help: 'A device serves its objects as resources such as /3/0; for coaps:// its security object holds the identity and the pre-shared key.',
		url: 'coap://YOUR-DEVICE:5683',
		words: 'lightweight m2m leshan',
	},
	{
		label: 'LwM2M server',
		help: 'The public Leshan server takes registrations at /rd; for coaps:// an identity and a pre-shared key are added in its web page.',
		url: 'coap://leshan.eclipseprojects.io:5683',
		words: 'lightweight m2m leshan public test',
	},
];
