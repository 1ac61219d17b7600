// The start of a mapping template that reads a body: $text is the body, $body what it says, $coded whether it came as base64.

/**
 * On an API with the binary media type every body is bytes, and a template gets bytes as base64 in $input.body alone
 * (AWS: "Content type conversions in API Gateway"). A JSON text and the base64 of one never begin with the same letter.
 */
export const readBody = [
  '#set($text = "$!input.body")',
  '#if($text.matches("[CDILMNOPWZbde][A-Za-z0-9+/]+={0,2}"))',
  '#set($coded = true)#set($text = $util.base64Decode($text))',
  '#if($text.trim().startsWith("{"))#set($body = $util.parseJson($text))#else#set($body = "")#end',
  '#else#set($coded = false)#set($body = $input.path("$"))#end',
].join('');

/** The body as JSON, unchanged. */
export const jsonBody = `${readBody}#if($coded)$text#else$input.json("$")#end`;

const inQuotes = (name: string) => `'${name.replaceAll("'", '')}'`;

/**
 * The members of a body that came as base64, to be written behind $comma: its own text without the braces, and only
 * if it has no other members than these, so that it cannot say anything twice.
 */
export const decodedMembers = (names: readonly string[]): string =>
  [
    `#if($coded)#set($names = [${names.map(inQuotes).join(', ')}])#set($isKnown = $text.trim().startsWith("{"))`,
    '#foreach($name in $body.keySet())#if(!$names.contains($name))#set($isKnown = false)#end#end',
    '#if($isKnown && $body.size() > 0)#set($text = $text.trim())#set($end = $text.length() - 1)$comma$text.substring(1, $end)#end#end',
  ].join('');
