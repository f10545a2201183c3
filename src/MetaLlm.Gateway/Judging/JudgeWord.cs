namespace MetaLlm.Gateway.Judging;

/// <summary>What became of asking a judge, as metrics call it.</summary>
internal static class JudgeWord
{
    public const string Given = "given";
    public const string Unparsed = "unparsed";
    public const string NoReference = "no_reference";
    public const string NoRoom = "no_room";
    public const string Failed = "failed";
}
