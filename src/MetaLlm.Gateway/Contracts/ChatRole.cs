namespace MetaLlm.Gateway.Contracts;

/// <summary>Who speaks in a conversation.</summary>
internal enum ChatRole
{
    System = 0,
    Developer = 1,
    User = 2,
    Assistant = 3,
    Tool = 4,
    Function = 5,
}
