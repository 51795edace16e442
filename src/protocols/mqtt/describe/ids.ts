export type MqttVerb = 'publish';
