import type { Preset } from '../../description';

export const presets: readonly Preset[] = [
	{
		label: 'Azure Service Bus',
		help: 'Shared access policies in the Azure portal: the user name is the policy, such as RootManageSharedAccessKey, and the password its key.',
		url: 'amqps://YOUR-NAMESPACE.servicebus.windows.net',
		values: { mechanism: 'PLAIN' },
		words: 'microsoft event hubs',
	},
	{
		label: 'ActiveMQ Artemis',
		help: 'User and password are those that were given to artemis create; the container image has artemis for both.',
		url: 'amqp://localhost:5672',
		words: 'apache amq',
	},
	{
		label: 'Qpid',
		help: 'A local broker takes anonymous clients unless its configuration requires a login.',
		url: 'amqp://localhost:5672',
		words: 'apache dispatch router broker-j proton',
	},
	{
		label: 'RabbitMQ, AMQP 1.0',
		help: 'RabbitMQ 4 speaks AMQP 1.0 on the same port as 0-9-1, earlier ones with the plugin rabbitmq_amqp1_0; users are the same.',
		url: 'amqp://localhost:5672',
	},
];
