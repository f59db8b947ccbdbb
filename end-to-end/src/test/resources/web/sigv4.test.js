// Tests of the Signature Version 4. Expected signatures are published by AWS: S3's documented presign example, and the suite `v4` of
// awslabs/aws-c-auth.

import { presign, sign } from '../../../../../web/sigv4.js';
import { check, equal } from './assert.js';

const REGION = 'us-east-1';
const SERVICE = 'service';
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const SESSION_TOKEN = '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267';
const TIME = '20150830T123600Z';
const EMPTY_BODY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const UNRESERVED = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A case of the suite whose signature is in a header. */
const inHeader = (changes, expected) => async () => {
  const request = { method: 'GET', path: '/', query: [], payload: EMPTY_BODY, headers: [['host', 'example.amazonaws.com'], ['x-amz-date', TIME]], ...changes };
  equal(await sign(request, { region: REGION, service: SERVICE, time: TIME }, CREDENTIALS.secretKey), expected);
};

/** A case of the suite whose signature is in the query. */
const inQuery = (url, credentials, expected) => async () => {
  const signed = await presign({ url, region: REGION, service: SERVICE, credentials, at: new Date('2015-08-30T12:36:00Z'), expires: 3600 });
  equal(/&X-Amz-Signature=([0-9a-f]{64})$/.exec(signed)?.[1], expected);
};

/** Test functions by name; a test fails by throwing or by rejecting its promise. */
export const tests = {
  'signature of get-vanilla': inHeader({}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),

  'signature of post-vanilla': inHeader({ method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'),

  'signature of get-vanilla-query-order-key-case': inHeader(
    { query: [['Param2', 'value2'], ['Param1', 'value1']] },
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ),

  'signature of get-vanilla-query-unreserved': inHeader(
    { query: [[UNRESERVED, UNRESERVED]] },
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
  ),

  'signature of get-vanilla-utf8-query': inHeader(
    { query: [['ሴ', 'bar']] },
    '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
  ),

  'presigned get-vanilla-query-order-key-case': inQuery(
    'https://example.amazonaws.com/?Param2=value2&Param1=value1',
    CREDENTIALS,
    '86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5',
  ),

  'presigned get-vanilla-with-session-token': inQuery(
    'https://example.amazonaws.com/',
    { ...CREDENTIALS, sessionToken: SESSION_TOKEN },
    '7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c',
  ),

  async 'presigned URL of the S3 documentation'() {
    const signed = await presign({
      url: 'https://examplebucket.s3.amazonaws.com/test.txt',
      region: 'us-east-1',
      service: 's3',
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
      at: new Date('2013-05-24T00:00:00Z'),
      expires: 86400,
      payload: 'UNSIGNED-PAYLOAD',
    });
    equal(
      signed,
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
        '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z' +
        '&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  },

  async 'a presigned WebSocket URL keeps its path and includes the session token in the signature'() {
    const signed = await presign({
      url: 'wss://abc123.execute-api.eu-west-1.amazonaws.com/dev',
      region: 'eu-west-1',
      service: 'execute-api',
      credentials: { accessKeyId: 'ASIAEXAMPLE', secretKey: 'secret', sessionToken: 'a/b+c=' },
      at: new Date('2030-01-01T12:00:00Z'),
    });
    check(signed.startsWith('wss://abc123.execute-api.eu-west-1.amazonaws.com/dev?X-Amz-Algorithm='), signed);
    check(signed.indexOf('X-Amz-Security-Token=a%2Fb%2Bc%3D') < signed.indexOf('X-Amz-Signature='), signed);
    check(/[?&]X-Amz-Expires=300&/.test(signed), signed);
  },
};
