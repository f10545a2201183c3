using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.RequestLog;

namespace MetaLlm.Gateway.Tests.Screening;

public sealed class RedactionTests
{
    private static readonly string[] All = ["email", "phone", "card", "iban", "key"];

    private const string Secret = "sk-proj-abcdefghijklmnop1234";

    [Theory]
    [InlineData("Write to Ann.O'Neil+x@mail.example.co.uk!", "Write to [email]!")]
    [InlineData("müller@straße.de", "[email]")]
    [InlineData("Call +49 (0)30 1234567 or 555-123-4567.", "Call [phone] or [phone].")]
    [InlineData("Tel. 030/1234567, 0049 30 1234567", "Tel. [phone], [phone]")]
    [InlineData("Card 4111 1111 1111 1111 ok", "Card [card] ok")]
    [InlineData("Card 4111.1111.1111.1111 ok", "Card [card] ok")]
    [InlineData("３７８２.８２２４６３.１０００５ is it", "[card] is it")]
    [InlineData("カード４１１１　１１１１　１１１１　１１１１です。", "カード[card]です。")]
    [InlineData("4111–1111–1111–1111", "[card]")]
    [InlineData("٤١١١١١١١١١١١١١١١", "[card]")]
    [InlineData("ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ ist ＯＫ", "[email] ist ＯＫ")]
    [InlineData("DE89.3704.0044.0532.0130.00", "[iban]")]
    [InlineData("ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００", "[iban]")]
    [InlineData("Ｏｒｄｅｒ １２３４５６７８９０１２３４５６ stays", "Ｏｒｄｅｒ １２３４５６７８９０１２３４５６ stays")]
    [InlineData("Version 10.2024.11.30 has 0.5 of it", "Version 10.2024.11.30 has 0.5 of it")]
    [InlineData("x4111111111111111y", "x[card]y")]
    [InlineData("5500-0000-0000-0004, 378282246310005", "[card], [card]")]
    [InlineData("12 4111111111111111", "[card]")]
    [InlineData("Order 1234567890123456 is no card", "Order 1234567890123456 is no card")]
    [InlineData("DE89 3704 0044 0532 0130 00 is mine", "[iban] is mine")]
    [InlineData("gb82west12345698765432", "[iban]")]
    [InlineData("GB82 WEST 1234 5698 7654 33 is wrong", "GB82 WEST 1234 5698 7654 33 is wrong")]
    [InlineData("sk-proj-abcdefghijklmnop1234 and AKIAIOSFODNN7EXAMPLE", "[key] and [key]")]
    [InlineData("Authorization: Bearer abcdefghijklmnopqrst", "Authorization: [key]")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----!", "[key]!")]
    [InlineData("On 2026-11-30 we sold 1,250 pieces for 3.99 each in room 101.", "On 2026-11-30 we sold 1,250 pieces for 3.99 each in room 101.")]
    public void What_must_not_be_kept_is_blotted_out_and_the_rest_stays(string text, string expected) => Assert.Equal(expected, new Redactor(All, [], Refuse).Redact(text));

    [Fact]
    public void Expressions_of_a_tenant_run_in_linear_time_and_what_cannot_is_refused()
    {
        var refused = new List<int>();
        var redactor = new Redactor([], ["(a+)+$", "(?<=x)y", "(a)\\1", "("], (index, problem) =>
        {
            refused.Add(index);
            Assert.Contains("linear time", problem, StringComparison.Ordinal);
        });
        Assert.Equal([1, 2, 3], refused);
        var watch = Stopwatch.StartNew();
        Assert.NotNull(redactor.Redact(new string('a', 200_000) + "!"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("""{"a":"ann@example.com","b":[1,true,null,-2.5e3],"ann@example.com":{"n":4111111111111111}}""", """{"a":"[email]","b":[1,true,null,-2.5e3],"[email]":{"n":"[card]"}}""")]
    [InlineData("""{"text":"line\nann@example.com \"q\" ü"}""", """{"text":"line\n[email] \"q\" ü"}""")]
    [InlineData("""{"url":"data:image/png;base64,AAAA"}""", """{"url":"data:image/png;base64,[4 characters]"}""")]
    public void A_document_stays_one(string json, string expected)
    {
        var (written, isCut) = RedactedJson.Write(Encoding.UTF8.GetBytes(json), new Redactor(All, [], Refuse), 1000);
        Assert.Equal((expected, false), (Encoding.UTF8.GetString(written), isCut));
    }

    [Fact]
    public void A_document_that_is_too_long_becomes_a_text_and_no_half_of_what_is_blotted_out_is_left()
    {
        for (var length = 0; length < 1100; length += 7)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(new { text = new string('x', length) + "ü ann@example.com " + new string('y', 3000) });
            var (written, isCut) = RedactedJson.Write(json, new Redactor(All, [], Refuse), 1024);
            var text = JsonSerializer.Deserialize<string>(written)!;
            Assert.True(isCut && Encoding.UTF8.GetByteCount(text) <= 1024);
            Assert.DoesNotContain("ann", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\uFFFD', text);
        }
    }

    [Fact]
    public void The_beginning_of_data_holds_no_half_of_what_is_blotted_out()
    {
        for (var length = 100; length < 128; length++)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(new { url = $"data:{new string('x', length - 5)} {Secret};base64,AAAA" });
            Assert.DoesNotContain("sk-proj", Encoding.UTF8.GetString(RedactedJson.Write(json, new Redactor(All, [], Refuse), 1024).Json), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_answer_that_is_cut_keeps_no_half_of_what_is_blotted_out_though_others_made_room_before()
    {
        for (var left = 1; left < Secret.Length; left++)
        {
            // The cut before the look is 1,024 characters beyond the room; addresses that are blotted out bring what is there within it.
            var addresses = string.Concat(Enumerable.Repeat("somebody.with.a.long.name@mail.example.com ", 40));
            var text = addresses + new string('x', 2048 - addresses.Length - left - 1) + " " + Secret + " and so on";
            var record = Record(isStream: false);
            record.Add(JsonSerializer.SerializeToUtf8Bytes(new { choices = new[] { new { index = 0, message = new { role = "assistant", content = text } } } }));
            AssertIsCut(record);
        }
    }

    [Fact]
    public void An_answer_of_which_not_all_is_noted_keeps_no_half_of_what_is_blotted_out()
    {
        var record = Record(isStream: true);
        record.Add(Encoding.UTF8.GetBytes($$$"""data: {"choices":[{"index":0,"delta":{"content":"It is {{{Secret[..10]}}}"}}],"more":"{{{new string('x', 4_000_000)}}}"}""" + "\n\n"));
        record.Add(Encoding.UTF8.GetBytes($$$"""data: {"choices":[{"index":0,"delta":{"content":"{{{Secret[10..]}}}"}}],"more":"{{{new string('x', 400_000)}}}"}""" + "\n\n"));
        Assert.True(record.IsAnswerCut);
        AssertIsCut(record);
    }

    private static CallRecord Record(bool isStream)
    {
        var settings = new RequestLogSettings { MaxBytes = 1024 };
        settings.Complete(new SettingsErrors("", []));
        return new CallRecord { Tenant = new TenantSettings { Id = "t", RequestLog = settings }, At = DateTimeOffset.UnixEpoch, Path = "/", RequestId = null, Key = null, IsStream = isStream };
    }

    private static void AssertIsCut(CallRecord record)
    {
        using var body = JsonDocument.Parse(CallRecordWriter.ToRequest(record).Body);
        var text = Assert.Single(body.RootElement.GetProperty("answer").EnumerateArray()).GetProperty("text").GetString()!;
        Assert.DoesNotContain("s", text.Replace("[email]", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(body.RootElement.GetProperty("answer_cut").GetBoolean());
    }

    private static void Refuse(int index, string problem) => Assert.Fail(problem);
}
