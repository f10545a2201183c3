using System.Text;
using MetaLlm.Gateway.Idempotency;

namespace MetaLlm.Gateway.Tests.Idempotency;

public sealed class AskedQuestionTests
{
    [Fact]
    public void All_but_the_text_of_the_question_is_the_rest()
    {
        var question = Read("""{"role":"user","content":[{"type":"text","text":"Why?","document":"a"}]}""")!;
        Assert.Equal("Why?", question.Text);
        Assert.Equal(question.Rest, Read("""{"role":"user","content":[{"type":"text","text":"Who?","document":"a"}]}""")!.Rest);
        Assert.NotEqual(question.Rest, Read("""{"role":"user","content":[{"type":"text","text":"Why?","document":"b"}]}""")!.Rest);
        Assert.NotEqual(question.Rest, Read("""{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Why?","document":"a"}]}""")!.Rest);
        Assert.NotEqual(Read("""{"role":"user","content":"Why?","name":"a"}""")!.Rest, Read("""{"role":"user","content":"Why?","name":"b"}""")!.Rest);
    }

    [Theory]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"Why?"},{"type":"text","text":"Who?"}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"document","text":"Why?"}]}""")]
    [InlineData("""{"role":"user","content":"Why?"},{"role":"user","content":"Why?"}""")]
    [InlineData("""{"role":"user","content":"Why?"},{"role":"system","content":"Be brief."}""")]
    [InlineData("""{"role":"assistant","content":"Yes"},{"role":"user","content":"Why?"}""")]
    [InlineData("""{"role":"system","content":"Be brief."}""")]
    public void Other_conversations_are_no_question(string messages) => Assert.Null(Read(messages));

    private static AskedQuestion? Read(string messages) => AskedQuestion.Read(Encoding.UTF8.GetBytes($$"""{"model":"auto","messages":[{{messages}}]}"""));
}
