using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MetaLlm.Gateway.Authentication;

namespace MetaLlm.WebConsole.SignIn;

/// <summary>
/// The code by which the console opens where no admin key is configured and only this machine can reach it: whoever reads what the process prints may do what it may. Each code opens one
/// session; the next one is told then.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SignInCode(AdminKeys keys)
{
    /// <summary>Who acts by a code.</summary>
    public const string Actor = "console";

    private readonly Lock _lock = new();
    private string? _code;
    private Action<string>? _told;

    /// <summary>What sessions by code of this process bear; those of another do not last here.</summary>
    public string Process { get; } = Random();

    /// <summary>Whether codes open the console.</summary>
    public bool IsOn => keys.Configured is null && Volatile.Read(ref _code) is not null;

    /// <summary>Makes codes open the console. Called where the process listens on loopback alone.</summary>
    /// <param name="told">Tells a code to whoever started the process: the first now, and another when one was used.</param>
    public void TurnOn(Action<string> told)
    {
        string code;
        lock (_lock)
        {
            _told = told;
            code = _code = Random();
        }

        told(code);
    }

    /// <summary>Uses a code up.</summary>
    /// <param name="text">The text that was sent as the code.</param>
    /// <returns>Whether it is the code.</returns>
    public bool Use(string text)
    {
        if (keys.Configured is not null)
        {
            return false;
        }

        string next;
        lock (_lock)
        {
            if (_code is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(_code)))
            {
                return false;
            }

            next = _code = Random();
        }

        _told!(next);
        return true;
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
}
