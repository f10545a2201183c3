namespace MetaLlm.Gateway.Contracts;

/// <summary>What became of a warm start or a quiz.</summary>
internal enum OnboardingStatus
{
    Accepted = 0,
    Duplicate = 1,
}
