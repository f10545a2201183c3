namespace MetaLlm.Engine.Ports;

/// <summary>One of the deployments of an arm: the same model at another place, or with another key.</summary>
/// <param name="Name">Its name, unique within the arm.</param>
/// <param name="Weight">Its share of the calls beside the others; at least 0. One of 0 is called when no other can be.</param>
/// <param name="Target">What stands behind it; it has no deployments of its own.</param>
public sealed record ArmDeployment(string Name, double Weight, ArmTarget Target);
