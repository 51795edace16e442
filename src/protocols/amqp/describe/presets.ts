import type { Preset } from '../../description';

export const presets: readonly Preset[] = [
	{
		label: 'RabbitMQ',
		help: 'User “guest” with the password “guest” works on the server’s own machine only; others are created with rabbitmqctl add_user.',
		url: 'amqp://localhost:5672',
	},
	{
		label: 'CloudAMQP',
		help: 'The instance’s overview in the CloudAMQP console shows host, user and password; the virtual host has the name of the user.',
		url: 'amqps://YOUR-HOST.rmq.cloudamqp.com/YOUR-USER',
		words: 'rabbitmq lavinmq',
	},
];
