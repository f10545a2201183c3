global using System.Globalization;
global using MetaLlm.Simulator.Checking;
global using MetaLlm.Simulator.Models;
global using MetaLlm.Simulator.Randomness;
global using MetaLlm.Simulator.Tasks;
