import type { Preset } from '../../description';

export const presets: readonly Preset[] = [
	{
		label: 'Mosquitto',
		help: 'A local Mosquitto takes clients without a login unless its mosquitto.conf names a password file (mosquitto_passwd).',
		url: 'mqtt://localhost:1883',
	},
	{
		label: 'test.mosquitto.org',
		help: 'The public test server of Eclipse Mosquitto needs no login, and everyone can read what you publish there.',
		url: 'mqtts://test.mosquitto.org:8886',
		words: 'public test',
	},
	{
		label: 'HiveMQ public broker',
		help: 'The public broker of HiveMQ needs no login, and everyone can read what you publish there.',
		url: 'mqtts://broker.hivemq.com:8883',
		words: 'test',
	},
	{
		label: 'HiveMQ Cloud',
		help: 'The cluster’s overview in the HiveMQ Cloud console shows the host; credentials are created under Access Management.',
		url: 'mqtts://YOUR-CLUSTER.s1.eu.hivemq.cloud:8883',
	},
	{
		label: 'EMQX',
		help: 'A local EMQX takes clients without a login until an authenticator is added in its dashboard on port 18083.',
		url: 'mqtt://localhost:1883',
	},
	{
		label: 'EMQX Cloud',
		help: 'The deployment’s overview shows the host and has the CA certificate; credentials are created under Access Control, Client Authentication.',
		url: 'mqtts://YOUR-DEPLOYMENT.emqxsl.com:8883',
		words: 'serverless',
	},
	{
		label: 'AWS IoT Core',
		help: 'Settings in the AWS IoT console shows the endpoint; certificate and key are those of a thing, and its policy must allow the client ID.',
		url: 'mqtts://YOUR-ENDPOINT-ats.iot.YOUR-REGION.amazonaws.com:8883',
		words: 'amazon client certificate',
	},
	{
		label: 'AWS IoT Core, port 443',
		help: 'For networks that only let HTTPS through: the same endpoint, certificate and key, with the ALPN protocol that port 443 requires.',
		url: 'mqtts://YOUR-ENDPOINT-ats.iot.YOUR-REGION.amazonaws.com:443',
		values: { 'tls.alpn': ['x-amzn-mqtt-ca'] },
		words: 'amazon alpn client certificate',
	},
	{
		label: 'Azure Event Grid',
		help: 'The namespace’s overview shows the MQTT host name; the user name is the client’s authentication name, and the certificate the one of that client.',
		url: 'mqtts://YOUR-NAMESPACE.YOUR-REGION-1.ts.eventgrid.azure.net:8883',
		words: 'microsoft client certificate',
	},
];
