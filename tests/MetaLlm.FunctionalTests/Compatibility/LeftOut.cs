namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>An answer to less than was asked: the gateway says which members it left out or changed.</summary>
internal sealed class LeftOut(string members) : Exception(members)
{
    public const string Header = "x-metallm-adapted-parameters";
}
