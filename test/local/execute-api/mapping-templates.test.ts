import { describe, expect, it } from 'vitest';
import { escapeJavaScript, renderTemplate, type TemplateInput } from '../../../local/execute-api/vtl.ts';

interface Given extends Partial<Omit<TemplateInput, 'body'>> {
  readonly body?: unknown;
  readonly context?: object;
}

function render(template: string, { body = '', context = {}, ...parameters }: Given = {}): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const input = { path: {}, querystring: {}, header: {}, ...parameters, body: text };
  return renderTemplate(template, { input, context, stageVariables: { table: 'pets' } });
}

describe('$input', () => {
  it('gives members of the body as JSON or as values', () => {
    const body = { items: [{ id: 1, name: 'a"b' }, { id: 2 }], none: null };
    expect(render('{"i": $input.json("$.items[0]"), "n": $input.json("$.none")}', { body })).toBe(
      '{"i": {"id":1,"name":"a\\"b"}, "n": null}',
    );
    expect(render("$input.path('$.items[1].id') $input.path('$.items').size()", { body })).toBe('2 2');
    expect(render("$input.json('$..id') $input.json('$.items[?(@.id > 1)]')", { body })).toBe(
      '[1,2] [{"id":2}]',
    );
  });

  it('gives an empty string for what is missing, and an empty object for a missing body', () => {
    expect(render('$input.json("$.a") [$input.path("$.a")] [$input.params("a")] $input.body')).toBe(
      '"" [] [] {}',
    );
  });

  it('keeps numbers as they are written', () => {
    const body = '{"price":1.0,"id":12345678901234567890,"big":12345678.5}';
    expect(render('$input.json("$")', { body })).toBe(body);
    expect(render('$input.path("$.price") $input.path("$.id") $input.path("$.big")', { body })).toBe(
      '1.0 12345678901234567890 1.23456785E7',
    );
  });

  it('does not let a string of the body pass for a number', () => {
    const body = { text: '1.0', other: 1.5 };
    expect(render('$input.json("$")', { body: `${JSON.stringify(body)} ` })).toBe(
      '{"text":"1.0","other":1.5}',
    );
  });

  it('finds parameters in path, query and headers, in this order', () => {
    const given = {
      path: { a: 'path' },
      querystring: { a: 'query', b: 'query' },
      header: { B: 'x', 'X-C': 'header' },
    };
    expect(render('$input.params("a") $input.params("b") $input.params("x-c")', given)).toBe(
      'path query header',
    );
    expect(render('$input.params().querystring.get("a") $input.params().path', given)).toBe('query {a=path}');
  });

  it('has nothing of JavaScript in it', () => {
    const template =
      '[$input.constructor][$input.path("$").constructor.name][$input.body.constructor][$util.__proto__][$input.json.call("x")]';
    expect(render(template, { body: { a: 1 } })).toBe('[][][][][]');
  });
});

describe('$util', () => {
  it('escapes a value so that it stays one JSON string', () => {
    const attack = `","admin":"true'\\\n`;
    const template = `{"name": "$util.escapeJavaScript($input.params('n')).replaceAll("\\\\'","'")"}`;
    expect(JSON.parse(render(template, { querystring: { n: attack } }))).toEqual({ name: attack });
    expect(escapeJavaScript(`a"b'c/d`)).toBe(`a\\"b\\'c\\/d`);
  });

  it('encodes a value so that it stays one form field', () => {
    const attack = "x&Action=DeleteTopic=1+ (é)~*'";
    const form = render('Message=$util.urlEncode($input.body)&Action=Publish', { body: attack });
    expect([...new URLSearchParams(form)]).toEqual([
      ['Message', attack],
      ['Action', 'Publish'],
    ]);
    expect(render('$util.urlDecode("a%2Bb+c") $util.base64Encode("hi") $util.base64Decode("aGk=")')).toBe(
      'a+b c aGk= hi',
    );
  });

  it('reads JSON out of a string', () => {
    expect(
      render('#set($o = $util.parseJson($input.path("$.o")))$o.a[1].b', {
        body: { o: '{"a":[0,{"b":"c"}]}' },
      }),
    ).toBe('c');
    expect(() => render('$util.parseJson("no")')).toThrow();
  });
});

describe('the language', () => {
  it('prints nothing for what refers to nothing, and leaves other text alone', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference as Velocity writes it.
    expect(render('[$none][$!none][${none.a}][$none.b()] $5 #1 a#b \\$stageVariables.table')).toBe(
      '[][][][] $5 #1 a#b $stageVariables.table',
    );
    expect(render('## gone\na#* gone *#b #[[$c #if]]#')).toBe('ab $c #if');
  });

  it('takes the rest of a directive’s line away', () => {
    expect(render('{\n#set($a = 1)\n"a": $a\n#if($a == 1)\n,"b": 2\n#end\n}')).toBe('{\n"a": 1\n,"b": 2\n}');
  });

  it('decides as Velocity does: only false and what is missing are false', () => {
    const decide = (condition: string) => render(`#if(${condition})yes#{else}no#end`);
    expect(['""', '0', '"a" == "a"', '1 == "1"', '!$a && (2 > 1 || $a)', '$a == $b'].map(decide)).toEqual(
      Array(6).fill('yes'),
    );
    expect(['$a', 'false', '$a != $b', '"a" < "b"', '2 le 1', 'not true'].map(decide)).toEqual(
      Array(6).fill('no'),
    );
  });

  it('goes through lists, maps and ranges, 1,000 turns at most', () => {
    const loop = '#foreach($e in $input.path("$"))$foreach.index$e#if($foreach.hasNext),#end#end';
    expect(render(loop, { body: ['a', 'b'] })).toBe('0a,1b');
    expect(render(loop, { body: { x: 'a', y: 'b' } })).toBe('0a,1b');
    expect(
      render('#foreach($e in $input.path("$").entrySet())$e.key=$e.value;#end', { body: { x: 1 } }),
    ).toBe('x=1;');
    expect(render('#foreach($i in [3..1])$i#if($foreach.count == 2)#break#end#end|$!i')).toBe('32|');
    expect(render('#foreach($i in [1..2000])x#end')).toHaveLength(1000);
  });

  it('calculates with whole numbers and with others', () => {
    expect(
      render('#set($a = 7 / 2)$a #set($a = 7.0 / 2)$a #set($a = 7 % 4 + 2 * 3)$a #set($a = "n" + 1)$a'),
    ).toBe('3 3.5 9 n1');
  });

  it('calls the methods of Java’s strings, lists and maps', () => {
    const text = '#set($s = "a-b-c")';
    expect(
      render(
        `${text}$s.split("-")[1] $s.substring(2) $s.replaceAll("(b)", "[$1]") $s.matches("a.*") $s.indexOf("b")`,
      ),
    ).toBe('b b-c a-[b]-c true 2');
    expect(render('#set($l = ["x"])#set($ok = $l.add("y"))$l $l.contains("y") $l.get(0) $l.isEmpty()')).toBe(
      '[x, y] true x false',
    );
    expect(render('#set($m = {"a": 1})$!m.put("b", [2])$m $m.keySet() $m.containsKey("c")')).toBe(
      '{a=1, b=[2]} [a, b] false',
    );
    expect(() => render('$stageVariables.table.substring(9)')).toThrow();
  });

  it('writes into $context, where the response’s template finds it', () => {
    const context = { stage: 'dev', responseOverride: { header: {} } };
    render(
      '#set($context.responseOverride.header["X-A"] = "on $context.stage")#set($context.responseOverride.status = 201)',
      { context },
    );
    expect(context.responseOverride).toEqual({ header: { 'X-A': 'on dev' }, status: 201 });
    expect(render('$context.responseOverride.header.get("X-A")', { context })).toBe('on dev');
  });

  it('defines text that is evaluated where it is used', () => {
    expect(render('#define($list)#foreach($k in $m)$k#end#end#set($m = ["a", "b"])"$list"')).toBe('"ab"');
  });

  it('refuses what is not closed', () => {
    for (const template of ['#if($a)', '#end', '#set($a = )', '#foreach($a in [1..2])', '$input.json(']) {
      expect(() => render(template), template).toThrow();
    }
  });
});
